
/// Runs Rust snippets: each module's read_secret, told as one line.
fn show<E: std::fmt::Display>(name: &str, read: Result<String, E>) {
    let (how, text) = match read {
        Ok(secret) => ("ok", secret),
        Err(error) => ("error", error.to_string()),
    };
    println!("{name} {how} {}", base64(text.as_bytes()));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > three.len() { '=' } else { digit.into() });
        }
    }
    text
}
