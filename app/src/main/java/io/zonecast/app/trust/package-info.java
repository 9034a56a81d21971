/**
 * Whether Kafka and we trust each other: what a listener speaks, whom it takes us for, what a
 * command must be allowed, and what to change where one of these is refused. How the clients are
 * configured belongs to the settings.
 */
@NullMarked
package io.zonecast.app.trust;

import org.jspecify.annotations.NullMarked;
