// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

/** The optional parameters this connector reads or writes. */
final class Tag {

    static final int RECEIPTED_MESSAGE_ID = 0x001E;
    static final int SAR_REFERENCE = 0x020C;
    static final int SAR_TOTAL = 0x020E;
    static final int SAR_NUMBER = 0x020F;
    static final int INTERFACE_VERSION = 0x0210;
    static final int NETWORK_ERROR_CODE = 0x0423;
    static final int MESSAGE_PAYLOAD = 0x0424;
    static final int MESSAGE_STATE = 0x0427;
    static final int CONGESTION_STATE = 0x0428;

    private Tag() {}
}
