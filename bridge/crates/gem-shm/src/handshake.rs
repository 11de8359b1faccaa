//! The two packets with which a connection begins, both of fixed size and little-endian.
//!
//! ```text
//! hello  (client → server, with the segment's descriptor)   answer (server → client, with the bell)
//!  0  magic u64                                              0  magic u64
//!  8  version u32                                            8  version u32
//! 12  pid u32                                               12  pid u32
//! 16  token, 16 bytes                                       16  code u32 (0: accepted)
//! 32  request_bytes u32                                     20  connection id u32
//! 36  response_bytes u32                                    24  max_message u32
//! 40  max_message u32                                       28  zero u32
//! 44  zeros up to 64
//! ```

use crate::error::{Refusal, ShmError};
use crate::layout::{LARGEST_MESSAGE, MAGIC, VERSION};

/// Bytes of a [`Token`].
pub const TOKEN_BYTES: usize = 16;

/// What a server announces by another way, and a client must know to be let in: random bytes.
pub type Token = [u8; TOKEN_BYTES];

pub(crate) const HELLO_BYTES: usize = 64;
pub(crate) const ANSWER_BYTES: usize = 32;

/// The client's greeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hello {
    pub(crate) pid: u32,
    pub(crate) token: Token,
    pub(crate) request_bytes: u32,
    pub(crate) response_bytes: u32,
    /// Longest reply that the client takes, in bytes.
    pub(crate) max_message: u32,
}

impl Hello {
    pub(crate) fn encode(&self) -> [u8; HELLO_BYTES] {
        let mut packet = [0; HELLO_BYTES];
        packet[0..8].copy_from_slice(&MAGIC.to_le_bytes());
        packet[8..12].copy_from_slice(&VERSION.to_le_bytes());
        packet[12..16].copy_from_slice(&self.pid.to_le_bytes());
        packet[16..32].copy_from_slice(&self.token);
        packet[32..36].copy_from_slice(&self.request_bytes.to_le_bytes());
        packet[36..40].copy_from_slice(&self.response_bytes.to_le_bytes());
        packet[40..44].copy_from_slice(&self.max_message.to_le_bytes());
        packet
    }

    /// Reads a greeting and checks it against the token that was announced.
    pub(crate) fn decode(packet: &[u8; HELLO_BYTES], token: &Token) -> Result<Self, Refusal> {
        if packet[0..8] != MAGIC.to_le_bytes() {
            return Err(Refusal::Malformed);
        }
        if word(packet, 8) != VERSION {
            return Err(Refusal::Version);
        }
        let mut given = [0; TOKEN_BYTES];
        given.copy_from_slice(&packet[16..32]);
        // All bytes are compared whatever the first ones are, so time tells nothing.
        let differs = given.iter().zip(token).fold(0, |all, (a, b)| all | (a ^ b));
        if std::hint::black_box(differs) != 0 {
            return Err(Refusal::Token);
        }
        let max_message = word(packet, 40);
        if max_message == 0 || max_message > LARGEST_MESSAGE {
            return Err(Refusal::Malformed);
        }
        Ok(Self {
            pid: word(packet, 12),
            token: given,
            request_bytes: word(packet, 32),
            response_bytes: word(packet, 36),
            max_message,
        })
    }
}

/// The server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) pid: u32,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) connection: u32,
    /// Longest request that the server takes, in bytes.
    pub(crate) max_message: u32,
}

impl Answer {
    pub(crate) fn encode(&self) -> [u8; ANSWER_BYTES] {
        let mut packet = [0; ANSWER_BYTES];
        let code = self.refusal.map_or(0, Refusal::number);
        packet[0..8].copy_from_slice(&MAGIC.to_le_bytes());
        packet[8..12].copy_from_slice(&VERSION.to_le_bytes());
        packet[12..16].copy_from_slice(&self.pid.to_le_bytes());
        packet[16..20].copy_from_slice(&code.to_le_bytes());
        packet[20..24].copy_from_slice(&self.connection.to_le_bytes());
        packet[24..28].copy_from_slice(&self.max_message.to_le_bytes());
        packet
    }

    pub(crate) fn decode(packet: &[u8; ANSWER_BYTES]) -> Result<Self, ShmError> {
        if packet[0..8] != MAGIC.to_le_bytes() {
            return Err(ShmError::Corrupt("the answer to the greeting is malformed"));
        }
        if word(packet, 8) != VERSION {
            return Err(ShmError::Refused(Refusal::Version));
        }
        let code = word(packet, 16);
        Ok(Self {
            pid: word(packet, 12),
            refusal: (code != 0).then(|| Refusal::from_number(code)),
            connection: word(packet, 20),
            max_message: word(packet, 24),
        })
    }
}

/// The little-endian word at `offset`, which lies inside the packet.
fn word(packet: &[u8], offset: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&packet[offset..offset + 4]);
    u32::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello() -> Hello {
        Hello {
            pid: 7,
            token: *b"0123456789abcdef",
            request_bytes: 4096,
            response_bytes: 8192,
            max_message: 1000,
        }
    }

    #[test]
    fn a_greeting_survives_its_packet() {
        let packet = hello().encode();
        assert_eq!(Hello::decode(&packet, &hello().token), Ok(hello()));
    }

    #[test]
    fn every_byte_of_magic_version_and_token_matters() {
        for (range, refusal) in [
            (0..8, Refusal::Malformed),
            (8..12, Refusal::Version),
            (16..32, Refusal::Token),
        ] {
            for index in range {
                let mut packet = hello().encode();
                packet[index] ^= 0x40;
                assert_eq!(Hello::decode(&packet, &hello().token), Err(refusal));
            }
        }
    }

    #[test]
    fn an_answer_survives_its_packet() {
        for refusal in [None, Some(Refusal::Token), Some(Refusal::Other(99))] {
            let answer = Answer {
                pid: 3,
                refusal,
                connection: 12,
                max_message: 64,
            };
            assert_eq!(Answer::decode(&answer.encode()).unwrap(), answer);
        }
    }
}
