package io.zonecast.ingest.stream;

/** The result of checking an update. */
sealed interface UpdateVerdict permits CheckedUpdate, RejectedUpdate {}
