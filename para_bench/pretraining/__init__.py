"""What backbones learn here before any head is trained, without labels: from views of random scenes, and from videos."""
