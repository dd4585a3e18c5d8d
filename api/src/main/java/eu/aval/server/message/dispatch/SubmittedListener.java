// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.dispatch.Settlement.Submitted;
import java.util.List;

/** Hears of ids that have just been written: a receipt for one of them may have come before. */
@FunctionalInterface
public interface SubmittedListener {

    /** After the commit. Must not block or throw. */
    void submitted(List<Submitted> messages);
}
