/** A steady stream of updates, and how long each takes to be readable in the cache. */
@NullMarked
package io.zonecast.bench.updates;

import org.jspecify.annotations.NullMarked;
