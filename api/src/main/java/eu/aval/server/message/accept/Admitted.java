// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.limit.Asked;
import eu.aval.server.limit.Tally;
import java.util.List;

/**
 * A message that limits let through.
 *
 * @param lifted what would have been in its way
 */
record Admitted(Prepared message, Asked asked, List<Tally.Lifted> lifted) {}
