output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Addresses of the VPC, such as `10.20.0.0/16`."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "Ids of the subnets that the internet reaches, one a zone; their route is there."
  value       = local.subnets.public
  depends_on  = [aws_route.public, aws_route_table_association.public]
}

output "private_subnet_ids" {
  description = "Ids of the subnets that reach the internet through NAT, one a zone; their routes are there."
  value       = local.subnets.private
  depends_on  = [aws_route.private, aws_route_table_association.private]
}

output "database_subnet_ids" {
  description = "Ids of the subnets without a way out, one a zone."
  value       = local.subnets.database
}

output "nat_addresses" {
  description = "Public addresses, such as `192.0.2.1`, that the private subnets are seen by in the internet: one a zone, or one."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}
