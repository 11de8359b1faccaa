//! What a process holds, to see that nothing remains.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

/// Descriptors, mappings, threads and files of the bridge in this process.
#[derive(Debug, PartialEq, Eq)]
pub struct Resources {
    descriptors: BTreeSet<String>,
    mappings: usize,
    threads: usize,
    files: usize,
}

impl Resources {
    /// What there is now.
    pub fn now() -> Self {
        let links = |folder: &str| -> Vec<(String, String)> {
            fs::read_dir(folder)
                .unwrap()
                .filter_map(Result::ok)
                .filter_map(|entry| {
                    let target = fs::read_link(entry.path()).ok()?;
                    let name = entry.file_name().into_string().ok()?;
                    Some((name, target.to_string_lossy().into_owned()))
                })
                // The folder's own descriptor, while it is read.
                .filter(|(_, target)| !target.contains("/proc/"))
                .collect()
        };
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let threads = fs::read_dir("/proc/self/task").unwrap();
        let own_files = format!("gem-shm-{}-", std::process::id());
        Self {
            descriptors: links("/proc/self/fd")
                .into_iter()
                .map(|(name, target)| format!("{name} {target}"))
                .collect(),
            mappings: maps.lines().filter(|line| line.contains("gem-shm")).count(),
            threads: threads
                .filter_map(Result::ok)
                .filter_map(|thread| fs::read_to_string(thread.path().join("comm")).ok())
                .filter(|name| name.starts_with("gem-shm"))
                .count(),
            files: fs::read_dir(std::env::temp_dir())
                .unwrap()
                .filter_map(Result::ok)
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(&own_files))
                .count(),
        }
    }

    /// Whether both hold as many mapped segments.
    pub fn same_mappings(&self, other: &Self) -> bool {
        self.mappings == other.mappings
    }

    /// Waits until there is what there was: the end of a thread shows a moment after its join.
    pub fn assert_restored(&self) {
        let patience = Instant::now() + Duration::from_secs(10);
        while *self != Self::now() && Instant::now() < patience {
            std::thread::yield_now();
        }
        assert_eq!(*self, Self::now());
    }
}
