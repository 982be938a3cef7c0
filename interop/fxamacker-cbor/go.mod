module ace-oauth.invalid/interop/fxamacker-cbor

go 1.24

require (
	ace-oauth.invalid/interop/shared v0.0.0
	github.com/fxamacker/cbor/v2 v2.10.0
)

require github.com/x448/float16 v0.8.4 // indirect

replace ace-oauth.invalid/interop/shared => ../shared
