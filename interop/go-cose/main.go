// go-cose behind the line protocol: COSE_Sign1 and COSE_Key.
package main

import (
	"crypto/rand"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"ace-oauth.invalid/interop/shared"
	"github.com/veraison/go-cose"
)

var algorithms = map[string]cose.Algorithm{"ES256": cose.AlgorithmES256, "ES384": cose.AlgorithmES384, "EdDSA": cose.AlgorithmEdDSA}
var curves = map[string]cose.Curve{"P-256": cose.CurveP256, "P-384": cose.CurveP384, "P-521": cose.CurveP521, "X25519": cose.CurveX25519, "Ed25519": cose.CurveEd25519}

func nameOf[V comparable](names map[string]V, value V) string {
	for name, each := range names {
		if each == value {
			return name
		}
	}
	return ""
}

func keyOf(jwk shared.JWK) (*cose.Key, error) {
	key := &cose.Key{Params: map[any]any{}}
	if jwk.Kid != nil {
		key.ID = shared.OpaqueFromText(*jwk.Kid)
	}
	if jwk.Alg != "" {
		if key.Algorithm = algorithms[jwk.Alg]; key.Algorithm == 0 {
			return nil, shared.ErrUnsupported
		}
	}
	switch jwk.Kty {
	case "oct":
		key.Type = cose.KeyTypeSymmetric
		key.Params[cose.KeyLabelSymmetricK] = shared.FromBase64(*jwk.K)
		return key, nil
	case "EC":
		key.Type = cose.KeyTypeEC2
	case "OKP":
		key.Type = cose.KeyTypeOKP
	}
	if curves[jwk.Crv] == 0 {
		return nil, shared.ErrUnsupported
	}
	key.Params[cose.KeyLabelEC2Curve] = curves[jwk.Crv]
	for label, text := range map[int64]string{cose.KeyLabelEC2X: jwk.X, cose.KeyLabelEC2Y: jwk.Y, cose.KeyLabelEC2D: jwk.D} {
		if text != "" {
			key.Params[label] = shared.FromBase64(text)
		}
	}
	return key, nil
}

func decode(request shared.Request) (shared.Answer, error) {
	if request.Message != "cose-key" {
		return nil, shared.ErrUnsupported
	}
	var key cose.Key
	if err := key.UnmarshalCBOR(shared.Unhex(request.Hex)); err != nil {
		return nil, err
	}
	var jwk shared.JWK
	if key.ID != nil {
		kid := shared.OpaqueToText(key.ID)
		jwk.Kid = &kid
	}
	if key.Algorithm != 0 {
		if jwk.Alg = nameOf(algorithms, key.Algorithm); jwk.Alg == "" {
			return nil, shared.ErrUnsupported
		}
	}
	switch key.Type {
	case cose.KeyTypeSymmetric:
		k := shared.ToBase64(key.Symmetric())
		jwk.Kty, jwk.K = "oct", &k
	case cose.KeyTypeEC2:
		crv, x, y, d := key.EC2()
		jwk.Kty, jwk.Crv, jwk.X, jwk.Y, jwk.D = "EC", nameOf(curves, crv), shared.ToBase64(x), shared.ToBase64(y), shared.ToBase64(d)
	case cose.KeyTypeOKP:
		crv, x, d := key.OKP()
		jwk.Kty, jwk.Crv, jwk.X, jwk.D = "OKP", nameOf(curves, crv), shared.ToBase64(x), shared.ToBase64(d)
	default:
		return nil, shared.ErrUnsupported
	}
	return shared.Answer{"value": jwk}, nil
}

func encode(request shared.Request) (shared.Answer, error) {
	if request.Message != "cose-key" {
		return nil, shared.ErrUnsupported
	}
	var jwk shared.JWK
	if err := json.Unmarshal(request.Value, &jwk); err != nil {
		return nil, err
	}
	key, err := keyOf(jwk)
	if err != nil {
		return nil, err
	}
	bytes, err := key.MarshalCBOR()
	return shared.Answer{"hex": hex.EncodeToString(bytes)}, err
}

func open(request shared.Request) (shared.Answer, error) {
	data := shared.Unhex(request.Hex)
	// Other structures, and the tag of CWT around one, the library does not have.
	if len(data) > 1 && (data[0] == 0xd0 || data[0] == 0xd1 || data[0] == 0xd8 && data[1] == 61) {
		return nil, shared.ErrUnsupported
	}
	var message cose.Sign1Message
	if err := message.UnmarshalCBOR(data); err != nil {
		return nil, err
	}
	refusal := errors.New("no key verifies it")
	for _, jwk := range request.Keys {
		key, err := keyOf(jwk)
		if err == nil {
			var verifier cose.Verifier
			if verifier, err = key.Verifier(); err == nil {
				err = message.Verify(shared.Unhex(request.ExternalAAD), verifier)
			}
		}
		if err == nil {
			alg, _ := message.Headers.Protected.Algorithm()
			return shared.Answer{"structure": "sign1", "alg": nameOf(algorithms, alg), "payload": hex.EncodeToString(message.Payload)}, nil
		}
		refusal = err
	}
	return nil, refusal
}

// bench tells how long reading and verifying a message takes, in nanoseconds, without the line protocol.
func bench(request shared.Request) (shared.Answer, error) {
	data := shared.Unhex(request.Hex)
	key, err := keyOf(request.Keys[0])
	if err != nil {
		return nil, err
	}
	verifier, err := key.Verifier()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	for range request.Times {
		var message cose.Sign1Message
		if err := message.UnmarshalCBOR(data); err != nil {
			return nil, err
		}
		if err := message.Verify(nil, verifier); err != nil {
			return nil, err
		}
	}
	return shared.Answer{"nanoseconds": float64(time.Since(start).Nanoseconds()) / float64(request.Times)}, nil
}

func protect(request shared.Request) (shared.Answer, error) {
	alg, found := algorithms[request.Alg]
	if !found {
		return nil, shared.ErrUnsupported
	}
	key, err := keyOf(request.Key)
	if err != nil {
		return nil, err
	}
	signer, err := key.Signer()
	if err != nil {
		return nil, err
	}
	headers := cose.Headers{Protected: cose.ProtectedHeader{cose.HeaderLabelAlgorithm: alg}}
	if key.ID != nil {
		headers.Unprotected = cose.UnprotectedHeader{cose.HeaderLabelKeyID: key.ID}
	}
	data, err := cose.Sign1(rand.Reader, signer, headers, shared.Unhex(request.Payload), shared.Unhex(request.ExternalAAD))
	return shared.Answer{"hex": hex.EncodeToString(data)}, err
}

func main() {
	shared.Serve("go-cose", "1.3.0", map[string]func(shared.Request) (shared.Answer, error){
		"decode": decode, "encode": encode, "cose-open": open, "cose-protect": protect, "bench": bench,
	})
}
