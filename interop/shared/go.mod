module ace-oauth.invalid/interop/shared

go 1.24
