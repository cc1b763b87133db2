package main

import "encoding/json"

// The vector files: what a case holds, and which run it takes.

// vector is a case of any of the files: each has the members that it needs, and one that is not here cannot be read.
type vector struct {
	Name, Source, Text, Typed, Read, Number, Kdf string
	Country                                      string
	Numbers                                      []string
	Document, Secret, Kid, Cti, Bytes, Octets    octets
	PublicKey, Message, Signature                octets
	Question                                     asked
	Stages                                       answer
	Given                                        trusted
	Keys                                         source
	Stop                                         stop
	LogN, Reading, Role                          int
	Expect, Code, Hash                           any
}

type trusted struct {
	Keys, Issuer, Route string
	Roots               []octets
	Held                map[string]held
	IssuerTime          *int64
}

type asked struct {
	Now, Seen         int64
	Delivery          *string
	Keys, Revocations string
	Manifest          json.RawMessage
	Phones            []string
	Used              []use
}

type answer = map[string]any

var given struct {
	Issuer      string
	CodeSecret  octets
	KeySets     map[string]source
	Revocations map[string]octets
	Manifests   map[string]struct {
		Route    string
		Document octets
	}
}

var runs = map[string]func(vector) answer{
	"vouchers-valid":   valid,
	"vouchers-refused": func(v vector) answer { return answer{"expect": ask(v)} },
	"documents":        read,
	"documents-large":  read,
	"key-sets": func(v vector) answer {
		kids, said := []octets{}, answer{}
		if v.Keys.File != nil {
			v.Keys.Jwks, said["issuer"] = readJwksFile(*v.Keys.File)
		}
		for _, k := range readKeySet(v.Keys, given.Issuer).vouchers {
			kids = append(kids, k.kid)
		}
		said["kids"] = kids
		return answer{"expect": said}
	},
	"seals":               seal,
	"misuse/questions":    func(v vector) answer { return answer{"expect": ask(v)} },
	"misuse/phones":       func(v vector) answer { return answer{"expect": phoneHash(v.Number)} },
	"misuse/seals":        seal,
	"short-codes/derived": func(v vector) answer { return answer{"code": deriveCode(v.Secret, v.Kid, v.Cti)} },
	"short-codes/typed":   func(v vector) answer { return answer{"expect": answer{"code": readCode(v.Typed)}} },
	"primitives/base45": func(v vector) answer {
		return answer{"bytes": octets(decodeBase45(v.Text)), "text": encodeBase45(v.Bytes)}
	},
	"primitives/base45Refused": func(v vector) answer { return answer{"expect": octets(decodeBase45(v.Text))} },
	"primitives/scanned":       func(v vector) answer { return answer{"expect": answer{"voucher": octets(readText(string(v.Octets)))}} },
	"primitives/phones":        func(v vector) answer { return answer{"hash": phoneHash(v.Number)} },
	"primitives/phonesTyped":   func(v vector) answer { return answer{"numbers": readPhone(v.Typed, v.Country)} },
	"primitives/signatures": func(v vector) answer {
		if !isSoundKey(v.PublicKey) {
			return answer{"expect": "key-refused"}
		}
		verdicts := map[bool]string{true: "valid", false: "invalid"}
		return answer{"expect": verdicts[isSigned(v.PublicKey, v.Message, v.Signature)]}
	},
}
