"""Elastic Load Balancing: moto's load balancer is «provisioning» at first, and has no scheme unless it is told one."""

from __future__ import annotations

from ..calls import Answer, Call, amends


@amends("elbv2", "CreateLoadBalancer", "DescribeLoadBalancers")
def active(call: Call, answer: Answer) -> None:
    for load_balancer in answer["LoadBalancers"]:
        load_balancer["State"] = {"Code": "active"}
        load_balancer.setdefault("Scheme", "internet-facing")
