// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Money;
import org.jspecify.annotations.Nullable;

/** An amount of money as GraphQL shows it. */
public record ShownMoney(String amount, String currency) {

    /** Null for null. */
    public static @Nullable ShownMoney of(@Nullable Money money) {
        return money == null ? null : new ShownMoney(money.plainAmount(), money.currency());
    }
}
