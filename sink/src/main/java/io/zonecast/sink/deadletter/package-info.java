/**
 * Dead letters: records that can never be applied, put aside with their reason on a topic of their
 * own. What a letter looks like is known here alone. Whether a record can be applied is decided
 * elsewhere.
 */
@NullMarked
package io.zonecast.sink.deadletter;

import org.jspecify.annotations.NullMarked;
