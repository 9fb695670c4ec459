/**
 * A certificate for `localhost` that is its own CA, valid 2020–2120, and its key: for tests of TLS, and no secret. A server
 * takes both; a client that is given `cert` as its private CA trusts it.
 */
export const testCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBazCCARGgAwIBAgIBATAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5QYXJsZXkg
dGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowGTEXMBUG
A1UEAwwOUGFybGV5IHRlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATn
2LUkv2ht8yu4Fkgy/f5hMLC49zs5D696EOHJs2BrByAGbqbS6AfTN9jrUAJESaNi
UdoUvCh+xdTS8bhWI35go0gwRjAPBgNVHRMBAf8EBTADAQH/MBQGA1UdEQQNMAuC
CWxvY2FsaG9zdDAdBgNVHQ4EFgQUP/XWlYfjjBcj14QNPCQh92GgBKMwCgYIKoZI
zj0EAwIDSAAwRQIgZrEYFMWygiTwm+UEA7PgFRYs4NLHzyAK1HGs7lYT1JwCIQDh
xlSjrgFgkZj6GRSHEoTCziPmaFOPwtIQDet3gFNelg==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIU8RvKGNtbZ1l/kZ
STNIJNgUdSFCYrytdibclSHkkZChRANCAATn2LUkv2ht8yu4Fkgy/f5hMLC49zs5
D696EOHJs2BrByAGbqbS6AfTN9jrUAJESaNiUdoUvCh+xdTS8bhWI35g
-----END PRIVATE KEY-----
`,
} as const;
