package main

import (
	"time"

	"ace-oauth.invalid/interop/shared"
	"github.com/veraison/go-cose"
)

// bench tells how long reading and verifying a message takes, in nanoseconds, without the line protocol.
func bench(request shared.Request) (shared.Answer, error) {
	data := shared.Unhex(request.Hex)
	verifier, err := verifierOf(request.Keys[0])
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
