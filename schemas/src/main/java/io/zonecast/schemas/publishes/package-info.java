/** What the log of publishes says of a publish, and its newest entry. Writing it is not here. */
@NullMarked
package io.zonecast.schemas.publishes;

import org.jspecify.annotations.NullMarked;
