/**
 * The stack of {@code docker-compose.yml} as a whole, under what happens to containers: killed,
 * paused, stopped, cut off. It is seen from outside only, by Docker, by its published ports and by
 * the commands of its image; what a single part does when it is struck is tested where that part
 * is.
 */
@NullMarked
package io.zonecast.compose;

import org.jspecify.annotations.NullMarked;
