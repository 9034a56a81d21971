/**
 * Decides which node has a key, as the readers' clients compute it. Each rule is a client's own,
 * and tests compare it with that client. A new rule is a {@link
 * io.zonecast.sink.cache.placement.Placement} and a constant of {@link
 * io.zonecast.sink.cache.placement.PlacementScheme}.
 */
@NullMarked
package io.zonecast.sink.cache.placement;

import org.jspecify.annotations.NullMarked;
