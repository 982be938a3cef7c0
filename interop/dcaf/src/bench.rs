// The benchmarks of ace-oauth, beside which dcaf reads the same messages.

use dcaf::{AccessTokenRequest, AccessTokenResponse, AuthServerRequestCreationHint, ErrorResponse, ToCborMap};
use serde_json::{json, Value as Json};

use crate::driver::{unhex, Answer, Refusal};

/// How long reading a message takes, in nanoseconds, without the line protocol.
pub fn bench(request: &Json) -> Answer {
    fn timed<T: ToCborMap>(data: &[u8], times: u64) -> u128 {
        let start = std::time::Instant::now();
        for _ in 0..times {
            std::hint::black_box(T::deserialize_from(std::hint::black_box(data)).is_ok());
        }
        start.elapsed().as_nanos()
    }
    let (data, times) = (unhex(&request["hex"])?, request["times"].as_u64().unwrap_or(1));
    let total = match request["message"].as_str().unwrap_or("") {
        "error-response" => timed::<ErrorResponse>(&data, times),
        "token-request" => timed::<AccessTokenRequest>(&data, times),
        "token-response" => timed::<AccessTokenResponse>(&data, times),
        "creation-hints" => timed::<AuthServerRequestCreationHint>(&data, times),
        _ => return Err(Refusal::Unsupported),
    };
    Ok(json!({ "nanoseconds": total as f64 / times as f64 }))
}
