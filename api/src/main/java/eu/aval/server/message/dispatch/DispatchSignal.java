// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * Tells this node's dispatcher that committed work waits, so that it need not look for it. Only a hint: work nobody
 * signalled is found a moment later.
 */
@Component
public class DispatchSignal {

    private volatile Consumer<UUID> listener = account -> {};

    /** After the commit that queued messages for an account. Cheap; never blocks or fails. */
    public void queued(UUID carrierAccountId) {
        listener.accept(carrierAccountId);
    }

    void listen(Consumer<UUID> to) {
        listener = to;
    }
}
