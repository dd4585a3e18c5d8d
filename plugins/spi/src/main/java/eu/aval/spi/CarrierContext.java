// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import eu.aval.spi.event.CarrierEventSink;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What the host gives to one account, and all it gives: no application context, no database, no other account. Later
 * versions add default methods only.
 */
public interface CarrierContext {

    /** The account's name, for log lines and thread names. Not personal. */
    String accountName();

    Clock clock();

    /** Where receipts, inbound messages and opt-outs go. */
    CarrierEventSink events();

    /** Counts something of the plugin; published as {@code sms_carrier_<name>_total} with the account as label. */
    void count(String name);

    /** Publishes a value as {@code sms_carrier_<name>} with the account as label, until the account is closed. */
    void gauge(String name, Supplier<Number> value);
}
