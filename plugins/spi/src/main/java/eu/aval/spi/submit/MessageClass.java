// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.submit;

/** What kind of message this is; the class of its purpose. Decides lanes, hours, consent and what may be resent. */
public enum MessageClass {
    OTP,
    TRANSACTIONAL,
    ALERT,
    SERVICE,
    MARKETING,
    SURVEY
}
