locals {
  # What EC2 makes is tagged as it is made. What is taken away has to be this environment's: two environments in one account do not reach each other's by mistake.
  # It holds mistakes, not intent: who may tag can call anything their own.
  apply_network = [
    {
      Sid    = "MakeAndChange"
      Effect = "Allow"
      Action = [
        "ec2:AllocateAddress", "ec2:AssociateAddress", "ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroup*",
        "ec2:CreateFlowLogs", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateNetworkAcl", "ec2:CreateNetworkAclEntry", "ec2:CreateRoute",
        "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateTags", "ec2:CreateVpc", "ec2:CreateVpcEndpoint",
        "ec2:DisassociateAddress", "ec2:DisassociateRouteTable", "ec2:ModifySecurityGroupRules", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint", "ec2:ReplaceNetworkAclAssociation", "ec2:ReplaceNetworkAclEntry", "ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation",
        "ec2:RevokeSecurityGroup*", "ec2:UpdateSecurityGroupRuleDescriptions*",
        # Entries of the default list, which AWS makes without a tag.
        "ec2:DeleteNetworkAclEntry",
        # Interfaces that a function left behind, before its security group can go.
        "ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      Sid    = "TakeAway"
      Effect = "Allow"
      Action = [
        "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteNetworkAcl", "ec2:DeleteRoute", "ec2:DeleteRouteTable",
        "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints", "ec2:DetachInternetGateway", "ec2:ReleaseAddress",
      ]
      Resource  = "*"
      Condition = local.ours
    },
    {
      # The private name of an endpoint is in a zone that AWS makes
      # (https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
      Sid      = "NameEndpoints"
      Effect   = "Allow"
      Action   = "route53:AssociateVPCWithHostedZone"
      Resource = "${local.arn}:route53:::hostedzone/*"
    },
  ]

  apply_edge = [
    {
      Sid    = "LoadBalancer"
      Effect = "Allow"
      Action = [
        "elasticloadbalancing:AddTags", "elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes", "elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
      ]
      Resource = flatten([for kind in ["loadbalancer/app/", "listener/app/", "listener-rule/app/", "targetgroup/"] :
        [for ending in ["", "-*"] : "${local.arn}:elasticloadbalancing:${local.here}:${kind}${var.name}${ending}/*"]
      ])
    },
    {
      # Takes no resource.
      Sid       = "PutFirewallInFront"
      Effect    = "Allow"
      Action    = "elasticloadbalancing:SetWebACL"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # The rules are AWS's, the list is the environment's, and so is what it is put in front of.
      Sid    = "Firewall"
      Effect = "Allow"
      Action = [
        "wafv2:AssociateWebACL", "wafv2:CreateWebACL", "wafv2:DeleteLoggingConfiguration", "wafv2:DeleteWebACL", "wafv2:DisassociateWebACL",
        "wafv2:PutLoggingConfiguration", "wafv2:TagResource", "wafv2:UntagResource", "wafv2:UpdateWebACL",
      ]
      Resource = concat(
        flatten([for scope in ["${local.here}:regional", "us-east-1:${local.account}:global"] : [
          for list in ["webacl/${var.name}", "webacl/${var.name}-*", "managedruleset/*"] : "${local.arn}:wafv2:${scope}/${list}/*"
        ]]),
        [for ending in ["", "-*"] : "${local.arn}:elasticloadbalancing:${local.here}:loadbalancer/app/${var.name}${ending}/*"],
      )
    },
    {
      Sid       = "Certificates"
      Effect    = "Allow"
      Action    = ["acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate", "acm:RequestCertificate", "acm:UpdateCertificateOptions"]
      Resource  = "*"
      Condition = local.here_only
    },
    {
      # Names are not part of its ARNs. It is told from another environment's by the tag, where it is there already.
      Sid    = "MakeDistribution"
      Effect = "Allow"
      Action = [
        "cloudfront:CreateCachePolicy", "cloudfront:CreateDistribution", "cloudfront:CreateFunction", "cloudfront:CreateOriginRequestPolicy",
        "cloudfront:CreateResponseHeadersPolicy", "cloudfront:CreateVpcOrigin", "cloudfront:DeleteCachePolicy", "cloudfront:DeleteOriginRequestPolicy",
        "cloudfront:DeleteResponseHeadersPolicy", "cloudfront:TagResource", "cloudfront:UpdateCachePolicy", "cloudfront:UpdateOriginRequestPolicy",
        "cloudfront:UpdateResponseHeadersPolicy",
      ]
      Resource = "*"
    },
    {
      Sid       = "ChangeDistribution"
      Effect    = "Allow"
      Action    = ["cloudfront:DeleteDistribution", "cloudfront:DeleteVpcOrigin", "cloudfront:UntagResource", "cloudfront:UpdateDistribution", "cloudfront:UpdateVpcOrigin"]
      Resource  = ["${local.arn}:cloudfront::${local.account}:distribution/*", "${local.arn}:cloudfront::${local.account}:vpcorigin/*"]
      Condition = local.ours
    },
    {
      Sid      = "Records"
      Effect   = "Allow"
      Action   = "route53:ChangeResourceRecordSets"
      Resource = "${local.arn}:route53:::hostedzone/${var.zone_id}"
    },
  ]
}
