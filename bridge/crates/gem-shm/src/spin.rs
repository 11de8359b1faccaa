//! Waiting by looking again and again for a short while, before sleeping.

use std::num::NonZero;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Looks between two looks at the clock.
const LOOKS_PER_CLOCK: u32 = 8;
/// How often the budget is halved or doubled between nothing and all of `SpinPolicy::total`.
const STEPS: u32 = 5;

/// How long a wait may spin before it sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpinPolicy {
    /// Longest spin; zero sleeps at once.
    pub total: Duration,
    /// Beginning of the spin during which the core is kept; after it every look is followed by a
    /// yield, so that two spinners on one core do not burn their budgets at each other.
    pub pause_only: Duration,
}

impl SpinPolicy {
    /// Never spin.
    pub const NONE: Self = Self {
        total: Duration::ZERO,
        pause_only: Duration::ZERO,
    };

    /// Up to 50 µs, the first microsecond without yielding. A yield is cheap where the core is
    /// free, and where it is shared it lets the peer run, which is what the spin waits for.
    pub const DEFAULT: Self = Self {
        total: Duration::from_micros(50),
        pause_only: Duration::from_micros(1),
    };

    /// [`SpinPolicy::DEFAULT`], or [`SpinPolicy::NONE`] where this process may use one core only
    /// (affinity and cgroup quota count). Asked once per process.
    #[must_use]
    pub fn for_this_machine() -> Self {
        static POLICY: OnceLock<SpinPolicy> = OnceLock::new();
        *POLICY.get_or_init(|| {
            let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
            if cores == 1 {
                Self::NONE
            } else {
                Self::DEFAULT
            }
        })
    }
}

impl Default for SpinPolicy {
    fn default() -> Self {
        Self::for_this_machine()
    }
}

/// The adaptive part: remembers whether spinning has paid. The budget halves when a wait lasted
/// much longer than any spin, and doubles when spinning (or a little more of it) found something.
#[derive(Debug, Clone)]
pub struct Spinner {
    /// The budget is `total >> halvings`, or nothing when `halvings` is `STEPS`.
    halvings: u32,
    /// When the wait began that a spin failed to end.
    waiting_since: Option<Instant>,
}

impl Default for Spinner {
    fn default() -> Self {
        Self::new()
    }
}

impl Spinner {
    /// A spinner with a whole budget.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            halvings: 0,
            waiting_since: None,
        }
    }

    /// The budget of the next spin under `policy`.
    #[must_use]
    pub fn budget(&self, policy: SpinPolicy) -> Duration {
        if self.halvings >= STEPS {
            Duration::ZERO
        } else {
            policy.total / (1 << self.halvings)
        }
    }

    /// Looks until `ready` is true or the budget is spent; the last look's answer.
    #[inline]
    pub fn spin_until(&mut self, policy: SpinPolicy, mut ready: impl FnMut() -> bool) -> bool {
        if ready() {
            self.found(policy);
            return true;
        }
        if policy.total.is_zero() {
            return false;
        }
        let start = Instant::now();
        let budget = self.budget(policy);
        if !budget.is_zero() && look(start, budget, policy.pause_only, &mut ready) {
            self.waiting_since = None;
            self.halvings = self.halvings.saturating_sub(1);
            return true;
        }
        self.waiting_since.get_or_insert(start);
        false
    }

    /// Something is there without a spin: judge the wait that went before, if there was one.
    #[inline]
    fn found(&mut self, policy: SpinPolicy) {
        if let Some(since) = self.waiting_since.take() {
            if since.elapsed() < 2 * policy.total {
                self.halvings = self.halvings.saturating_sub(2);
            } else {
                self.halvings = (self.halvings + 1).min(STEPS);
            }
        }
    }
}

fn look(
    start: Instant,
    budget: Duration,
    pause_only: Duration,
    ready: &mut impl FnMut() -> bool,
) -> bool {
    loop {
        for _ in 0..LOOKS_PER_CLOCK {
            std::hint::spin_loop();
            if ready() {
                return true;
            }
        }
        let elapsed = start.elapsed();
        if elapsed >= budget {
            return false;
        }
        if elapsed >= pause_only {
            std::thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: SpinPolicy = SpinPolicy {
        total: Duration::from_micros(64),
        pause_only: Duration::ZERO,
    };

    #[test]
    fn the_budget_halves_after_long_waits_down_to_nothing() {
        let mut spinner = Spinner::new();
        for expected in [64, 32, 16, 8, 4, 0, 0] {
            assert_eq!(spinner.budget(POLICY), Duration::from_micros(expected));
            spinner.waiting_since = Instant::now().checked_sub(Duration::from_secs(1));
            assert!(spinner.spin_until(POLICY, || true));
        }
    }

    #[test]
    fn the_budget_recovers_when_waits_are_short_again() {
        let mut spinner = Spinner::new();
        spinner.halvings = STEPS;
        let policy = SpinPolicy {
            total: Duration::from_secs(3600),
            pause_only: Duration::ZERO,
        };
        for _ in 0..3 {
            assert!(!spinner.spin_until(SpinPolicy::NONE, || false));
            spinner.waiting_since = Some(Instant::now());
            assert!(spinner.spin_until(policy, || true));
        }
        assert_eq!(spinner.budget(policy), policy.total);
    }

    #[test]
    fn a_spin_that_succeeds_restores_half_of_what_was_lost() {
        let mut spinner = Spinner::new();
        spinner.halvings = 2;
        let mut looks = 0;
        let policy = SpinPolicy {
            total: Duration::from_secs(3600),
            pause_only: Duration::from_secs(3600),
        };
        assert!(spinner.spin_until(policy, || {
            looks += 1;
            looks > 3
        }));
        assert_eq!(spinner.halvings, 1);
    }

    #[test]
    fn no_policy_looks_once() {
        let mut looks = 0;
        assert!(!Spinner::new().spin_until(SpinPolicy::NONE, || {
            looks += 1;
            false
        }));
        assert_eq!(looks, 1);
    }
}
