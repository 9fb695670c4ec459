local typedefs = require("kong.db.schema.typedefs")

return {
  name = "parley-auth",
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        fields = {
          { error_format = {
              description = "How a refusal is worded: as problem+json, as the vendor whose API the route speaks, or as the client's vendor.",
              type = "string",
              required = true,
              default = "problem",
              one_of = { "problem", "openai", "anthropic", "by_client" },
          }, },
          { auth_url = {
              description = "Where the auth service listens. Kong resolves the host; an SRV record's port wins.",
              type = "string",
              required = true,
              default = "http://auth.service.consul:4001",
              match = "^https?://[^/]+$",
              referenceable = true,
          }, },
        },
    }, },
  },
}
