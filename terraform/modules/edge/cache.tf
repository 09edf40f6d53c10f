locals {
  # What an answer to a GET depends on, beside the URL and `Accept-Encoding`. CloudFront takes no notice of `Vary`: what is missing here gives one client
  # what was meant for another. Ten are the most that CloudFront takes.
  key_headers = [
    # Vary
    "accept",
    "authorization",
    "origin",
    # Without one of these, a GET may be refused as a foreign page's (api/src/http/csrf.rs).
    "apollo-require-preflight",
    "content-type",
    "graphql-require-preflight",
    "x-apollo-operation-name",
    # Whoever asks for a report of the cost must not get an answer without.
    "graphql-cost",
  ]
}

resource "aws_cloudfront_cache_policy" "this" {
  count = var.cloudfront ? 1 : 0

  name    = var.name
  comment = "As long as Cache-Control says, and not at all if it says nothing"

  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    headers_config {
      header_behavior = "whitelist"

      headers {
        items = local.key_headers
      }
    }

    query_strings_config {
      query_string_behavior = "all"
    }

    cookies_config {
      cookie_behavior = "none"
    }
  }
}

resource "aws_cloudfront_origin_request_policy" "this" {
  count = var.cloudfront ? 1 : 0

  name    = var.name
  comment = "All but cookies, of which the service has none"

  headers_config {
    header_behavior = "allViewer"
  }

  query_strings_config {
    query_string_behavior = "all"
  }

  cookies_config {
    cookie_behavior = "none"
  }
}
