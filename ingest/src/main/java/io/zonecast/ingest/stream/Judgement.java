package io.zonecast.ingest.stream;

/** What came of checking an update. */
sealed interface Judgement permits CheckedUpdate, RejectedUpdate {}
