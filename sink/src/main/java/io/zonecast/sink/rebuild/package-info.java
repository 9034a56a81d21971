/**
 * Having nodes filled again on purpose: what they remember is taken away, and whoever keeps them
 * notices. The filling itself is {@code node}'s and {@code fill}'s, as after any wipe.
 */
@NullMarked
package io.zonecast.sink.rebuild;

import org.jspecify.annotations.NullMarked;
