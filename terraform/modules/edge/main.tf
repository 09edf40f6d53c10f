locals {
  origin_host = "origin.${var.host}"
}
