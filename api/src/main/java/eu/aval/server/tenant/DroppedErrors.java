// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.Unexpected;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Hooks;
import reactor.netty.channel.AbortedException;

/**
 * Tells of failures that nobody waits for any more, in the server or in a plugin, what is told of all: kind and place.
 * Reactor would log their messages, which may quote what somebody wrote. That a client broke off, or the database, is none: Reactor
 * Netty and the driver tell it twice, to who is waiting first.
 */
@Component
public final class DroppedErrors {

    private static final Logger LOG = LoggerFactory.getLogger(DroppedErrors.class);

    static {
        Hooks.onErrorDropped(DroppedErrors::tell);
    }

    DroppedErrors() {
        withoutMessages();
    }

    /** From now on, for the whole process; again does nothing. */
    public static void withoutMessages() {
        // Once, when the class is initialised
    }

    private static void tell(Throwable failure) {
        if (!StoreFailures.isOfTheStore(failure) && !(failure instanceof AbortedException)) {
            LOG.error("Unexpected, and nobody waits for it", new Unexpected(failure));
        }
    }
}
