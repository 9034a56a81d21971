/** What happens to the cache when a node dies, is flushed or is cut off, while updates go on. */
@NullMarked
package io.zonecast.bench.heal;

import org.jspecify.annotations.NullMarked;
