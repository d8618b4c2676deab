using System.Net;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Where a name leads. The system's resolver, unless a test says otherwise.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);
