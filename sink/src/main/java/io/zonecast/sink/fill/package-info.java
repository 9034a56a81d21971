/**
 * Giving a node what it lacks of a partition: the decision where to begin ({@link
 * io.zonecast.sink.fill.FillPlan}), the fill itself ({@link io.zonecast.sink.fill.NodeFill}), what
 * is swept before it, and what the node refuses of it. When a fill may begin, and what its
 * checkpoint says, is {@code node}'s.
 */
@NullMarked
package io.zonecast.sink.fill;

import org.jspecify.annotations.NullMarked;
