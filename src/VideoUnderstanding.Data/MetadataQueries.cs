using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>Conditions on custom metadata that only this database knows how to ask.</summary>
public static class MetadataQueries
{
    /// <summary>Videos whose custom metadata contains the one JSON object or the other. Containment uses the
    /// index. Give the objects as <see cref="Words.NormalFields"/> writes them.</summary>
    public static IQueryable<Video> WithMetadata(this IQueryable<Video> videos, string one, string other)
        => videos.Where(video => EF.Functions.JsonContains(video.NormalCustomMetadata!, one)
            || EF.Functions.JsonContains(video.NormalCustomMetadata!, other));
}
