/** From the topic to memcached: ours, two loops of single sets, and memcached's own limit. */
@NullMarked
package io.zonecast.bench.replay;

import org.jspecify.annotations.NullMarked;
