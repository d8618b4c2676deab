using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>Conditions on custom metadata that only this database knows how to ask.</summary>
public static class MetadataQueries
{
    /// <summary>Videos whose custom metadata contains the one JSON object or the other. Containment uses the index.</summary>
    public static IQueryable<Video> WithMetadata(this IQueryable<Video> videos, string one, string other)
        => videos.Where(video => EF.Functions.JsonContains(video.CustomMetadata!, one) || EF.Functions.JsonContains(video.CustomMetadata!, other));
}
