//! Rings over heap memory: sizes, wraps, chunks, and peers that write nonsense. Runs under miri.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::Ordering::Relaxed;

use gem_shm::layout::framed_bytes;
use gem_shm::ring::{Consumer, Producer};
use gem_shm::{HeapMemory, Inbox, Outbox, ShmError};
use proptest::prelude::*;

const LIMIT: u32 = 1 << 20;

fn pair(capacity: u32, position: u32) -> (HeapMemory, Producer<HeapMemory>, Inbox<HeapMemory>) {
    let memory = HeapMemory::new(capacity, position);
    let producer = Producer::new(memory.clone(), position);
    let consumer = Consumer::new(memory.clone(), position, LIMIT);
    (memory, producer, Inbox::new(consumer))
}

/// Reproducible bytes.
fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect()
}

fn digest(message: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    message.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn a_message_that_fills_the_ring_fits_and_one_byte_more_does_not() {
    let (_, mut producer, mut inbox) = pair(64, 0);
    assert!(!producer.try_push(&[1; 57]).unwrap());
    assert!(producer.try_push(&[2; 56]).unwrap());
    assert!(!producer.try_push(&[]).unwrap());
    assert_eq!(inbox.poll().unwrap(), Some(56));
    assert_eq!(inbox.take_vec().unwrap(), [2; 56]);
    assert!(producer.try_push(&[]).unwrap());
    assert_eq!(inbox.poll().unwrap(), Some(0));
    assert_eq!(inbox.take(&mut []).unwrap(), 0);
    assert_eq!(inbox.poll().unwrap(), None);
}

#[test]
fn a_buffer_that_is_too_short_leaves_the_message() {
    let (_, mut producer, mut inbox) = pair(64, 0);
    assert!(matches!(inbox.take(&mut [0; 9]), Err(ShmError::Invalid(_))));
    assert!(producer.try_push(b"nine char").unwrap());
    inbox.poll().unwrap();
    assert!(matches!(inbox.take(&mut [0; 8]), Err(ShmError::Invalid(_))));
    let mut target = [0; 12];
    assert_eq!(inbox.take(&mut target).unwrap(), 9);
    assert_eq!(&target, b"nine char\0\0\0");
}

#[test]
fn positions_pass_their_largest_value() {
    let start = u32::MAX - 39;
    let (_, mut producer, mut inbox) = pair(32, start);
    for number in 0..20u8 {
        assert!(producer.try_push(&[number; 13]).unwrap());
        assert_eq!(inbox.poll().unwrap(), Some(13));
        assert_eq!(inbox.take_vec().unwrap(), [number; 13]);
    }
}

#[test]
fn padding_is_zero() {
    let (memory, mut producer, mut inbox) = pair(32, 0);
    assert!(producer.try_push(&[0xff; 24]).unwrap());
    inbox.poll().unwrap();
    inbox.take_vec().unwrap();
    assert!(producer.try_push(&[0xee; 1]).unwrap());
    // A consumer that claims a longer message would see the padding: play one.
    let mut spy = Consumer::new(memory.clone(), 32, LIMIT);
    assert_eq!(spy.frame().unwrap().map(|frame| frame.length), Some(1));
    let mut raw = [std::mem::MaybeUninit::new(1); 8];
    // SAFETY: the range is inside the ring and nobody writes at the moment.
    unsafe { gem_shm::ring::Memory::read(&memory, 8, &mut raw) };
    // SAFETY: all bytes were initialized before the call.
    let raw = raw.map(|byte| unsafe { byte.assume_init() });
    assert_eq!(raw, [0xee, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn flags_say_who_sleeps() {
    let (_, mut producer, mut inbox) = pair(32, 0);
    assert!(producer.try_push(b"1").unwrap());
    assert!(!producer.must_wake());
    inbox.arm();
    assert!(producer.must_wake());
    assert!(producer.must_wake(), "only the sleeper clears its flag");
    inbox.disarm();
    assert!(!producer.must_wake());
    producer.arm();
    assert!(!inbox.must_wake(), "nothing was given back yet");
    inbox.poll().unwrap();
    inbox.take_vec().unwrap();
    assert!(inbox.must_wake());
    assert!(!inbox.must_wake(), "nothing was given back since");
    producer.disarm();
}

#[test]
fn a_writer_position_outside_the_ring_is_corrupt() {
    for head in [72, 1 << 31, u32::MAX - 7, 8 + 4] {
        let (memory, _, mut inbox) = pair(64, 0);
        memory.words().head.value.store(head, Relaxed);
        assert!(matches!(inbox.poll(), Err(ShmError::Corrupt(_))), "{head}");
    }
}

#[test]
fn a_reader_position_outside_the_ring_is_corrupt() {
    for tail in [72, 12, u32::MAX - 71, 1 << 31, u32::MAX - 2] {
        let (memory, mut producer, _) = pair(64, 0);
        memory.words().tail.value.store(tail, Relaxed);
        assert!(
            producer.try_push(&[0; 56]).is_ok(),
            "the free ring is known without a look"
        );
        let mut sent = 0;
        let result = producer.push_part(&[0; 56], &mut sent);
        assert!(matches!(result, Err(ShmError::Corrupt(_))), "{tail}");
    }
}

#[test]
fn a_length_above_the_limit_or_with_unknown_bits_is_corrupt() {
    for header in [
        u64::from(LIMIT) + 1,
        u64::from(u32::MAX),
        1 << 32,
        u64::MAX,
        5 << 60,
    ] {
        let (memory, _, mut inbox) = pair(64, 0);
        // SAFETY: the range is inside the ring, and this test is its producer.
        unsafe { gem_shm::ring::Memory::write(&memory, 0, &header.to_le_bytes()) };
        memory.words().head.value.store(64, Relaxed);
        assert!(
            matches!(inbox.poll(), Err(ShmError::Corrupt(_))),
            "{header:x}"
        );
    }
}

#[test]
fn a_length_that_changes_after_it_was_read_changes_nothing() {
    let (memory, mut producer, mut inbox) = pair(64, 0);
    assert!(producer.try_push(b"twelve bytes").unwrap());
    assert_eq!(inbox.poll().unwrap(), Some(12));
    // SAFETY: the range is inside the ring, and no other thread exists.
    unsafe { gem_shm::ring::Memory::write(&memory, 0, &u64::MAX.to_le_bytes()) };
    memory.words().head.value.store(4096, Relaxed);
    assert_eq!(inbox.take_vec().unwrap(), b"twelve bytes");
    assert!(matches!(inbox.poll(), Err(ShmError::Corrupt(_))));
}

#[test]
fn an_announced_length_takes_no_memory() {
    let memory = HeapMemory::new(64, 0);
    let mut inbox = Inbox::new(Consumer::new(memory.clone(), 0, 1 << 30));
    // SAFETY: the range is inside the ring, and this test is its producer.
    unsafe { gem_shm::ring::Memory::write(&memory, 0, &(1u64 << 30).to_le_bytes()) };
    memory.words().head.value.store(16, Relaxed);
    assert_eq!(inbox.poll().unwrap(), None);
    assert_eq!(memory.words().tail.value.load(Relaxed), 16);
}

/// Sends `sizes` through a ring, one step of either side at a time in the order of `turns`.
fn stream(capacity: u32, position: u32, sizes: &[usize], turns: &[bool]) {
    let memory = HeapMemory::new(capacity, position);
    let mut outbox = Outbox::new(Producer::new(memory.clone(), position));
    let mut inbox = Inbox::new(Consumer::new(memory, position, LIMIT));
    let messages: Vec<Vec<u8>> = (1..)
        .zip(sizes)
        .map(|(seed, &size)| bytes(seed, size))
        .collect();
    let (mut sent, mut received) = (messages.iter(), Vec::new());
    let mut turns = turns.iter().copied().cycle();
    let mut idle = 0;
    while received.len() < messages.len() {
        idle += 1;
        assert!(idle < 10_000, "neither side gets anywhere");
        if turns.next() == Some(true) {
            if outbox.flush().unwrap()
                && let Some(message) = sent.next()
            {
                outbox.push(message).unwrap();
                idle = 0;
            }
        } else if let Some(length) = inbox.poll().unwrap() {
            let message = inbox.take_vec().unwrap();
            assert_eq!(message.len(), length);
            received.push(digest(&message));
            idle = 0;
        }
    }
    let expected: Vec<u64> = messages.iter().map(|message| digest(message)).collect();
    assert_eq!(received, expected);
    assert_eq!(outbox.waiting_bytes(), 0);
}

#[test]
fn two_threads_exchange_messages_of_many_sizes() {
    let rounds: u64 = if cfg!(miri) { 40 } else { 20_000 };
    let memory = HeapMemory::new(256, 0);
    let mut outbox = Outbox::new(Producer::new(memory.clone(), 0));
    let mut inbox = Inbox::new(Consumer::new(memory, 0, LIMIT));
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for round in 0..rounds {
                let size = usize::try_from(round * 37 % 700).unwrap();
                outbox.push(&bytes(round, size)).unwrap();
                while !outbox.flush().unwrap() {
                    std::thread::yield_now();
                }
            }
        });
        for round in 0..rounds {
            while inbox.poll().unwrap().is_none() {
                std::thread::yield_now();
            }
            let size = usize::try_from(round * 37 % 700).unwrap();
            assert!(
                inbox.take_vec().unwrap() == bytes(round, size),
                "round {round}"
            );
        }
    });
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: if cfg!(miri) { 6 } else { 400 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_sizes_survive_any_order_of_turns(
        capacity in (3u32..10).prop_map(|bits| 1 << bits),
        position in any::<u32>().prop_map(|position| position & !7),
        sizes in prop::collection::vec(prop_oneof![0usize..64, 0usize..3000], 1..12),
        mut turns in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        turns.extend([true, false]);
        stream(capacity, position, &sizes, &turns);
    }

    #[test]
    fn words_and_bytes_of_a_hostile_writer_never_panic(
        words in prop::collection::vec(any::<u32>(), 1..30),
        content in prop::collection::vec(any::<u8>(), 64),
        aligned in any::<bool>(),
    ) {
        let memory = HeapMemory::new(64, 0);
        let mut inbox = Inbox::new(Consumer::new(memory.clone(), 0, 100));
        // SAFETY: the range is the whole ring, and no other thread exists.
        unsafe { gem_shm::ring::Memory::write(&memory, 0, &content) };
        for word in words {
            let word = if aligned { word & 0x78 } else { word };
            memory.words().head.value.store(word, Relaxed);
            match inbox.poll() {
                Ok(Some(length)) => prop_assert_eq!(inbox.take_vec().unwrap().len(), length),
                Ok(None) => {}
                Err(error) => {
                    prop_assert!(matches!(error, ShmError::Corrupt(_)));
                    break;
                }
            }
        }
    }

    #[test]
    fn words_of_a_hostile_reader_never_panic(
        words in prop::collection::vec(any::<u32>(), 1..30),
        sizes in prop::collection::vec(0usize..200, 30),
        aligned in any::<bool>(),
    ) {
        let memory = HeapMemory::new(64, 0);
        let mut outbox = Outbox::new(Producer::new(memory.clone(), 0));
        for (word, size) in words.into_iter().zip(sizes) {
            let word = if aligned { word & 0x78 } else { word };
            memory.words().tail.value.store(word, Relaxed);
            if let Err(error) = outbox.push(&vec![0; size]) {
                prop_assert!(matches!(error, ShmError::Corrupt(_)));
                break;
            }
        }
    }

    #[test]
    fn framing_is_a_multiple_of_eight_with_room_for_the_header(length in 0usize..1 << 30) {
        let framed = framed_bytes(length);
        prop_assert!(framed.is_multiple_of(8));
        prop_assert!(framed >= length + 8 && framed < length + 16);
    }
}
