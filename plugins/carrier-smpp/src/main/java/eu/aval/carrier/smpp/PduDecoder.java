// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/**
 * Cuts what arrives into PDUs. The length is checked before anything is kept, so a peer that talks something else costs
 * 64 KiB at most; it fails with {@link CorruptedFrameException}, after which the connection is of no use.
 */
final class PduDecoder extends ByteToMessageDecoder {

    static final int MAXIMUM_LENGTH = 64 * 1024;

    private boolean corrupted;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (corrupted) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < 4) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < PduCodec.HEADER_LENGTH || length > MAXIMUM_LENGTH) {
            corrupted = true;
            throw new CorruptedFrameException("A PDU of " + Integer.toUnsignedString(length) + " octets");
        }
        if (in.readableBytes() >= length) {
            out.add(PduCodec.read(in));
        }
    }
}
