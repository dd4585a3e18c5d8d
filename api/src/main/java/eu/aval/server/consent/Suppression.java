// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.spi.submit.MessageClass;

/**
 * An opt-out in force, as the gate needs it.
 *
 * @param sender a sender's value or {@link #ALL}
 * @param messageClass a class's name or {@link #ALL}
 */
public record Suppression(String sender, String messageClass) {

    public static final String ALL = "*";

    public boolean covers(String sender, MessageClass messageClass) {
        return (this.sender.equals(ALL) || this.sender.equals(sender))
                && (this.messageClass.equals(ALL) || this.messageClass.equals(messageClass.name()));
    }
}
