/**
 * Which node a key lives on, in the ways that readers' own clients work it out. Nothing here is
 * ours to choose: each scheme is another client's arithmetic, and is proved against that client.
 */
@NullMarked
package io.zonecast.sink.cache.placement;

import org.jspecify.annotations.NullMarked;
