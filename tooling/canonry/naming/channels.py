def compile_channels(groups, number):
    return {}
