using System.Net;
using System.Net.Sockets;

namespace VideoUnderstanding.TestAssets;

/// <summary>Ports of the loopback address for servers that are processes of their own.</summary>
public static class FreePort
{
    /// <summary>Below the ports that Linux gives to connections and to servers that ask for port 0, which begin at 32768. Otherwise one of
    /// those could take the port before the process listens, or while it is started again.</summary>
    private const int First = 20_000, Count = 12_000;

    private static int _last = Environment.ProcessId * 97;

    /// <summary>A port that nobody listens on and that no earlier call has returned.</summary>
    public static int Take()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another program listens there.
            }
        }
        throw new InvalidOperationException($"All ports from {First} to {First + Count - 1} are in use.");
    }
}
