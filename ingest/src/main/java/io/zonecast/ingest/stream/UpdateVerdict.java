package io.zonecast.ingest.stream;

/** What came of checking an update. */
sealed interface UpdateVerdict permits CheckedUpdate, RejectedUpdate {}
