/**
 * Proves that a pool equals the topic, or says where it does not: every entry by its value, every
 * key that should not be there by the nodes' own listings. Repairs by deleting what is too much and
 * moving checkpoints back, so that values are only ever written by a sink.
 */
@NullMarked
package io.zonecast.sink.verify;

import org.jspecify.annotations.NullMarked;
