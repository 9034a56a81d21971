/**
 * What a process that stays shows of itself over HTTP: an endpoint with few threads, health with
 * its reason, metrics that are put together when someone first asks for them. Knows nothing of
 * topics and caches: who has something to show brings a {@link io.zonecast.monitor.Resource}.
 */
@NullMarked
package io.zonecast.monitor;

import org.jspecify.annotations.NullMarked;
