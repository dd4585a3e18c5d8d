// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;

/** Hears that a carrier refused a message because its recipient had opted out there. */
@FunctionalInterface
public interface OptOutListener {

    /** Must not block or throw. */
    void optedOut(TenantId tenant, PhoneNumber recipient, String sender);
}
