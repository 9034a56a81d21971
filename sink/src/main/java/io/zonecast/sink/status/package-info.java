/**
 * What a running sink shows of itself: counts and recent events, health, metrics, and the status
 * page. It only listens and looks: nothing here changes what the sink does. What the page shows of
 * the whole group comes from {@code lag}.
 */
@NullMarked
package io.zonecast.sink.status;

import org.jspecify.annotations.NullMarked;
