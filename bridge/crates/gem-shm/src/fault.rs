//! Named states at which a test can kill or stop a process (feature `fault-points`).
//!
//! `GEM_SHM_FAULT=<point>:<action>[:<n>]` with the action `kill` (SIGKILL) or `stop` (SIGSTOP)
//! applies to the n-th time (default 1) that the process reaches the point. Without the feature
//! there is nothing of it in the binary.

/// The states of a client, in the order in which a connection goes through them.
pub const CLIENT_POINTS: &[&str] = &[
    "client:start",
    "client:connected",
    "client:segment-created",
    "client:greeted",
    "client:accepted",
    "client:send-begin",
    "client:send-part",
    "client:sent",
    "client:rang",
    "client:armed",
    "client:woken",
    "client:received",
    "client:closing",
];

/// The states of a server, in the order in which a connection goes through them.
pub const SERVER_POINTS: &[&str] = &[
    "server:bound",
    "server:connection",
    "server:greeting-read",
    "server:segment-mapped",
    "server:answered",
    "server:handed-over",
    "server:message-part",
    "server:message-whole",
    "server:message-taken",
    "server:reply-begin",
    "server:reply-written",
    "server:reply-queued",
    "server:woke-client",
    "server:armed",
    "server:closing",
];

/// Marks a state.
#[cfg(not(feature = "fault-points"))]
#[inline]
pub(crate) fn hit(_point: &str) {}

/// Marks a state, and does what the environment variable asks for there.
#[cfg(feature = "fault-points")]
pub(crate) fn hit(point: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    static PLAN: OnceLock<Option<(String, libc::c_int, u32)>> = OnceLock::new();
    static HITS: AtomicU32 = AtomicU32::new(0);

    let plan = PLAN.get_or_init(|| parse(&std::env::var("GEM_SHM_FAULT").ok()?));
    let Some((planned, signal, at)) = plan else {
        return;
    };
    // SYNC: none needed; each hit gets its own number.
    if planned == point && HITS.fetch_add(1, Relaxed) + 1 == *at {
        // SAFETY: the call sends a signal to this thread's process and touches no memory.
        unsafe { libc::raise(*signal) };
    }
}

#[cfg(feature = "fault-points")]
fn parse(plan: &str) -> Option<(String, libc::c_int, u32)> {
    // The point's own name has one colon.
    let mut parts = plan.splitn(4, ':');
    let point = format!("{}:{}", parts.next()?, parts.next()?);
    let signal = match parts.next()? {
        "kill" => libc::SIGKILL,
        "stop" => libc::SIGSTOP,
        _ => return None,
    };
    let at = parts.next().map_or(Some(1), |n| n.parse().ok())?;
    Some((point, signal, at))
}
