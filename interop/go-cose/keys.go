package main

import (
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
